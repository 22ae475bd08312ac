/** Nodes on Redis with sentinels, on a Redis Cluster, and behind TLS. Knows the broker from outside only. */
@NullMarked
@CheckReturnValue
package io.redshank.verification.topology;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
