import { describeWithDirectory } from '../support/describe-with-directory.ts';
import { testLeavers } from './leaving/suite.ts';

describeWithDirectory('samba-ad', 'the key of somebody of Active Directory (Samba)', () =>
  testLeavers('activeDirectory'),
);
