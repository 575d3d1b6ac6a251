import type { ErrorRequestHandler } from 'express';
import { Unacknowledged, Unavailable } from '../../errors.ts';
import type { Log } from '../../ports/log.ts';
import { RETRY_AFTER_SECONDS } from '../error-handler.ts';
import { noteFailure } from '../request-log.ts';
import { messagePage } from './message-page.ts';
import type { SendPage } from './send-page.ts';

const AWAY = messagePage(
  'Not available right now',
  'Something that this page needs does not answer. Please try again in a few seconds.',
);

const UNCERTAIN = 'Not certain yet';

/** Answers an outage with a page, and says what may be lost by it. What else goes wrong has its one answer wherever it happens. */
export function createPageErrorHandler(sendPage: SendPage, log: Log): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (!(error instanceof Unavailable) || res.headersSent) {
      next(error);
      return;
    }
    noteFailure(res, error, log);
    res.setHeader('Retry-After', RETRY_AFTER_SECONDS);
    sendPage(res, 503, error instanceof Unacknowledged ? messagePage(UNCERTAIN, `${error.message}.`) : AWAY);
  };
}
