import { describeStores } from './describe-stores.ts';
import { REDIS_FORMS } from './redis-forms.ts';

describeStores('a master behind Sentinels', REDIS_FORMS.sentinel);
