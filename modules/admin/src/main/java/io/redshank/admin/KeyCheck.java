package io.redshank.admin;

import io.vertx.core.Future;
import java.util.List;

/** What is asked of keys of one family, of which it is known that they are there, and of a type that they can have. */
interface KeyCheck {
    /**
     * A key, and what it is.
     *
     * @param ttlMillis how long it lives on; negative if it has no end
     */
    record Known(Subject subject, String name, String type, long ttlMillis) {
        String key() {
            return subject.key();
        }

        boolean isEndless() {
            return ttlMillis < 0;
        }
    }

    /** What looks wrong about these. */
    Future<List<Suspicion>> at(List<Known> keys);
}
