import { describeWithEngine } from '../support/describe-with-engine.ts';
import { testLeavers } from './leaving/suite.ts';

describeWithEngine('the key of somebody of 389 Directory Server', () => testLeavers('ds389'));
