package io.redshank.verification.chaos;

import io.redshank.testkit.NodeProcess;
import io.redshank.testkit.NodeSetup;
import io.redshank.testkit.RedisFixture;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One node, which is killed and started again. */
final class OneNode implements Site {
    private final int port = NodeProcess.freePort();
    private final RedisFixture redis = RedisFixture.start();
    private final NodeSetup setup;
    private @Nullable NodeProcess node;

    OneNode(Path directory) {
        setup = NodeSetup.in(directory).redis(redis.host() + ":" + redis.port()).port(port);
    }

    @Override
    public void open() {
        node = NodeProcess.start(setup);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public void strike(Random dice) {
        if (node != null) {
            node.kill();
        }
        open();
    }

    @Override
    public String toString() {
        return "one node";
    }

    @Override
    public void close() {
        if (node != null) {
            node.close();
        }
        redis.close();
    }
}
