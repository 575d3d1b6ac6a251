import { describeStores } from './describe-stores.ts';
import { REDIS_FORMS } from './redis-forms.ts';

describeStores('a single server', REDIS_FORMS.single);
