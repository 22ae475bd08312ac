package io.redshank.verification.chaos;

import io.redshank.testkit.ClusterFixture;
import io.redshank.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A cluster behind a load balancer, of which one node at a time is killed, stopped in order, or frozen for a while. */
final class ThreeNodes implements Site {
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final long FROZEN_SECONDS = 2;

    private final ClusterFixture cluster = ClusterFixture.of("a", "b", "c");
    private final Balancer balancer = new Balancer();
    private final List<String> struck = new ArrayList<>();

    @Override
    public void open() {
        try {
            cluster.open();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        NAMES.forEach(name -> balancer.add(Balancer.local(cluster.node(name).port())));
    }

    @Override
    public int port() {
        return balancer.port();
    }

    @Override
    public void strike(Random dice) {
        String name = NAMES.get(dice.nextInt(NAMES.size()));
        int port = cluster.node(name).port();
        int kind = dice.nextInt(4);
        struck.add(name + " " + kind);
        switch (kind) {
            case 0 -> {
                cluster.node(name).kill();
                cluster.start(name);
            }
            case 1 -> {
                cluster.node(name).stop();
                cluster.start(name);
            }
            default -> freeze(name, port, kind == 2);
        }
    }

    /** For two seconds, which is nothing to the others, or until they have given it up. */
    private void freeze(String name, int port, boolean givenUp) {
        int deaths = deaths(name);
        int begunAnew = timesBegunAnew(name);
        cluster.freeze(name);
        balancer.remove(Balancer.local(port)); // as soon as it does not answer
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FROZEN_SECONDS);
        Eventually.until("a frozen node", () -> System.nanoTime() > end);
        if (givenUp) {
            Eventually.until("the others give it up", () -> deaths(name) > deaths);
        }
        cluster.thaw(name);
        if (givenUp) {
            Eventually.until("the node begins anew", () -> timesBegunAnew(name) > begunAnew);
        }
        balancer.add(Balancer.local(port));
    }

    /** How often the others have said that it is dead. */
    private int deaths(String name) {
        return NAMES.stream()
                .filter(other -> !other.equals(name))
                .mapToInt(other -> cluster.node(other)
                        .errWith("Node is dead, clearing up what it has left [node=" + name)
                        .size())
                .sum();
    }

    private int timesBegunAnew(String name) {
        return cluster.node(name).errWith("Serving again").size();
    }

    @Override
    public void close() {
        balancer.close();
        cluster.close();
    }

    @Override
    public String toString() {
        return "nodes " + struck;
    }
}
