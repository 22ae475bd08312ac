package io.redshank.app;

import io.redshank.acks.AcksVerticle;
import io.redshank.app.config.Configuration;
import io.redshank.app.config.VerticleConfig;
import io.redshank.broker.BrokerOptions;
import io.redshank.broker.BrokerVerticle;
import io.redshank.connections.BeatsVerticle;
import io.redshank.connections.ChannelVerticle;
import io.redshank.connections.ConnectionsVerticle;
import io.redshank.delayed.DelayedVerticle;
import io.redshank.events.Concern;
import io.redshank.events.EventCodecs;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.hooks.BackendOptions;
import io.redshank.messages.MessagesVerticle;
import io.redshank.redis.NodeLease;
import io.redshank.redis.NodeRun;
import io.redshank.redis.PoolConfig;
import io.redshank.retained.RetainedVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a node: its place in the cluster and its verticles, from their start to their end. A node whose run has been given up
 * by the others begins another one. Started and stopped from an ordinary thread.
 */
final class Run {
    private static final Logger log = LoggerFactory.getLogger(Run.class);
    private static final Duration START_WITHIN = Duration.ofSeconds(30);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final Place place;
    private final List<String> deployments = new ArrayList<>();
    private final List<BrokerVerticle> brokers = new ArrayList<>();

    /**
     * What others may decide about a run; done on an event loop.
     *
     * @param declaredDead other nodes have given it up; once at most
     * @param leaveOrdered an operator has ordered it to leave
     */
    record Fates(Runnable declaredDead, Runnable leaveOrdered) {}

    private Run(Configuration configuration, Place place) {
        this.configuration = configuration;
        this.place = place;
    }

    /**
     * Starts all that the configuration asks for; if that fails, nothing is left running.
     *
     * @param fates what is to be done when others decide about this run
     */
    static Run open(Configuration configuration, UserDirectory users, List<PoolConfig> pools, Fates fates)
            throws NodeStartException {
        Run run = new Run(configuration, Place.take(configuration, pools));
        try {
            Member self = run.place.topology().now().self();
            NodeLease lease = NodeLease.begin(new NodeRun(self.node(), self.incarnation()));
            BackendOptions backend = Wiring.backendOptions(configuration, pools).under(lease);
            run.deployAll(users, backend, fates);
            return run;
        } catch (NodeStartException | RuntimeException failed) {
            run.stop();
            throw failed;
        }
    }

    /** The ports of the listeners, in their order; none on a node without the role. */
    List<Integer> ports() {
        return brokers.isEmpty() ? List.of() : brokers.get(0).ports();
    }

    /** Hands over what this run has, and ends it: clients first, then what serves them, then the place in the cluster. */
    void leave() {
        int rate = Math.max(1, configuration.node().drainRate() / Math.max(1, brokers.size()));
        await(
                "clients",
                Future.join(brokers.stream().map(broker -> broker.drain(rate)).toList()),
                configuration.node().drainWithin());
        place.retire();
        stop();
    }

    /** Ends this run without a word to anybody: others have taken over what it had. */
    void abandon() {
        place.abandon();
    }

    private void stop() {
        for (int i = deployments.size() - 1; i >= 0; i--) { // the broker first, then what it needs
            await("verticle", place.vertx().undeploy(deployments.get(i)), STOP_WITHIN);
        }
        place.leave();
    }

    private void deployAll(UserDirectory users, BackendOptions backend, Fates fates) throws NodeStartException {
        Vertx vertx = place.vertx();
        users.watch(vertx);
        EventCodecs.register(vertx.eventBus());
        place.meetOthers();
        LiveTopology topology = place.topology();
        deploy(1, n -> new BeatsVerticle(backend, topology, fates.declaredDead()));
        deploy(Concern.CONNECTIONS, n -> new ConnectionsVerticle(n, backend, topology));
        deploy(Concern.ACKS, n -> new AcksVerticle(n, backend, topology));
        int most = configuration.mqtt().maxRetainedMessages();
        deploy(Concern.RETAINED, n -> new RetainedVerticle(n, backend, topology, most));
        deploy(Concern.MESSAGES, n -> new MessagesVerticle(n, backend, topology));
        int mostDelayed = configuration.mqtt().delayed().maxMessages();
        deploy(Concern.DELAYED, n -> new DelayedVerticle(backend, topology, mostDelayed));
        BrokerOptions broker = Wiring.brokerOptions(configuration, users);
        deploy(Concern.BROKER, n -> broker(n, broker, topology));
        deploy(1, n -> new ChannelVerticle(backend, topology, fates.leaveOrdered()));
        for (VerticleConfig verticle : configuration.node().verticles()) {
            deploy(verticle);
        }
        place.announce();
        awaitStart(Future.all(brokers.stream().map(BrokerVerticle::listen).toList()));
    }

    private BrokerVerticle broker(int number, BrokerOptions options, LiveTopology topology) {
        BrokerVerticle broker = new BrokerVerticle(number, options, topology);
        brokers.add(broker);
        return broker;
    }

    private void deploy(Concern concern, IntFunction<Deployable> verticle) throws NodeStartException {
        deploy(place.topology().now().instancesOf(concern), verticle);
    }

    private void deploy(int instances, IntFunction<Deployable> verticle) throws NodeStartException {
        List<Future<String>> deployed = new ArrayList<>();
        for (int number = 0; number < instances; number++) {
            deployed.add(place.vertx().deployVerticle(verticle.apply(number), new DeploymentOptions()));
        }
        try {
            awaitStart(Future.all(deployed));
        } finally {
            deployed.stream().filter(Future::succeeded).map(Future::result).forEach(deployments::add);
        }
    }

    /** A verticle of a user's: what is wrong with it is told by its place in the configuration. */
    private void deploy(VerticleConfig verticle) throws NodeStartException {
        DeploymentOptions options = new DeploymentOptions()
                .setInstances(verticle.instances())
                .setThreadingModel(verticle.worker() ? ThreadingModel.WORKER : ThreadingModel.EVENT_LOOP)
                .setConfig(verticle.config());
        Future<String> deployed = place.vertx().deployVerticle("java:" + verticle.className(), options);
        try {
            awaitStart(deployed.recover(failure -> Future.failedFuture(notDeployed(verticle, failure))));
        } finally {
            if (deployed.succeeded()) {
                deployments.add(deployed.result());
            }
        }
    }

    private static String notDeployed(VerticleConfig verticle, Throwable failure) {
        boolean missing = failure instanceof ClassNotFoundException || failure instanceof NoClassDefFoundError;
        return missing
                ? verticle.path() + ".class: found no class " + failure.getMessage()
                        + " on the class path; start the node by java -cp redshank.jar:YOUR.jar io.redshank.app.Main"
                : verticle.path() + ": " + verticle.className() + " did not start: " + failure;
    }

    static void awaitStart(Future<?> start) throws NodeStartException {
        try {
            start.await(START_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException slow) {
            throw new NodeStartException("a verticle did not start within " + START_WITHIN.toSeconds() + " s");
        } catch (Exception failed) {
            throw new NodeStartException(String.valueOf(failed.getMessage()));
        }
    }

    /** Waits for the end of something; an end that is late or not in order is said, and that is all. */
    static void await(String what, Future<?> end, Duration within) {
        try {
            end.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception notInOrder) {
            log.warn("Not stopped in order [what={}, cause={}]", what, notInOrder.getMessage());
        }
    }
}
