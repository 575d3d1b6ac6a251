import { describe } from '@jest/globals';
import { testLeavers } from './leaving/suite.ts';

describe('the key of somebody of OpenLDAP', () => testLeavers('openLdap'));
