package io.redshank.auth;

import io.redshank.model.Payload;
import io.vertx.core.Future;

/** The server's side of one authentication. Used by one client, once, step by step; confined to its event loop. */
public interface Exchange {
    /**
     * What to answer to the client's next data; fails with {@link RefusedLoginException} when the client is not let in. Not to be
     * called again before the answer is there, nor after the last one.
     */
    Future<Step> next(Payload fromClient);
}
