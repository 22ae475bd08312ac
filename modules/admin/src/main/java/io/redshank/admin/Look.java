package io.redshank.admin;

import io.vertx.core.Future;
import java.util.List;

/** A look at things of one kind. Changes nothing; may be repeated. */
interface Look {
    /** What looks wrong about these. */
    Future<List<Suspicion>> at(List<Subject> subjects);
}
