import { describeWithDirectory } from '../support/describe-with-directory.ts';
import { testLeavers } from './leaving/suite.ts';

describeWithDirectory('ds389', 'the key of somebody of 389 Directory Server', () => testLeavers('ds389'));
