/**
 * How a node joins a cluster: a Hazelcast member of its own, and a clustered Vert.x on it. Blocks, and so is called from ordinary
 * threads only.
 */
@NullMarked
@CheckReturnValue
package io.redshank.cluster.join;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
