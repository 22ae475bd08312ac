package io.redshank.broker;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks now and then whether the files of listeners' TLS have been replaced, on threads that may wait for them. */
final class CertificateWatch {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);

    private final Vertx vertx;
    private final List<Long> timers = new ArrayList<>();
    private final Map<Listener, Future<Void>> looks = new HashMap<>();

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
        looks.put(listener, looked);
        looked.onFailure(failure -> log.warn("Certificate not looked at [listener={}]", listener, failure));
    }

    /** Looks no more; completes when the last look is over. */
    Future<?> stop() {
        timers.forEach(vertx::cancelTimer);
        return Future.join(List.copyOf(looks.values()));
    }
}
