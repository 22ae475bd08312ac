package io.redshank.broker;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/** Looks now and then whether the files of listeners' TLS have been replaced, on threads that may wait for them. */
final class CertificateWatch {
    private final Vertx vertx;
    private final List<Long> timers = new ArrayList<>();

    /** Begins to look. */
    CertificateWatch(Vertx vertx, List<Listener> listeners) {
        this.vertx = vertx;
        for (Listener listener : listeners) {
            TlsOptions tls = listener.options().transport().tls();
            if (tls != null) {
                timers.add(vertx.setPeriodic(tls.reloadInterval().toMillis(), now -> look(listener)));
            }
        }
    }

    private void look(Listener listener) {
        // in order, as tasks of one context are: a slow file system delays the next look
        Future<Void> looked = vertx.executeBlocking(() -> {
            listener.reload();
            return null;
        });
        looked.onFailure(failure -> vertx.exceptionHandler());
    }

    /** Looks no more. */
    void stop() {
        timers.forEach(vertx::cancelTimer);
    }
}
