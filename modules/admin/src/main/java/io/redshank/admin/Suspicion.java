package io.redshank.admin;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What looked wrong at one look. Only what still does at the next is.
 *
 * @param mend puts it right if it still is as it was seen, and answers whether it has; null if only a person can know what is right
 */
record Suspicion(Finding finding, Subject subject, @Nullable Supplier<Future<Boolean>> mend) {}
