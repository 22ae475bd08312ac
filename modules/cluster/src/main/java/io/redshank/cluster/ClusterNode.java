package io.redshank.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import io.redshank.model.NodeName;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Trial. */
public final class ClusterNode {
    private final HazelcastInstance hazelcast;
    private final Vertx vertx;

    private ClusterNode(HazelcastInstance hazelcast, Vertx vertx) {
        this.hazelcast = hazelcast;
        this.vertx = vertx;
    }

    /** Trial. */
    public static ClusterNode join(ClusterOptions options, VertxOptions base) throws ClusterJoinException {
        Config config = new Config();
        config.setClusterName(options.name());
        config.setProperty("hazelcast.shutdownhook.enabled", "false");
        config.setProperty("hazelcast.max.no.heartbeat.seconds", "8");
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1");
        config.setProperty("hazelcast.merge.first.run.delay.seconds", "5");
        config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
        config.setProperty("hazelcast.wait.seconds.before.join", "0");
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        config.getNetworkConfig().setPort(options.port()).setPortAutoIncrement(true);
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface(options.host());
        config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true);
        config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
        options.members().forEach(config.getNetworkConfig().getJoin().getTcpIpConfig()::addMember);
        config.getMemberAttributeConfig()
                .setAttribute("__vertx.nodeId", UUID.randomUUID().toString())
                .setAttribute("redshank.node", options.node().value())
                .setAttribute("redshank.run", Long.toString(options.incarnation()));
        HazelcastInstance hazelcast = Hazelcast.newHazelcastInstance(config);
        base.setEventBusOptions(new EventBusOptions().setHost(options.host()).setClusterPublicHost(options.host()));
        try {
            Vertx vertx = Vertx.builder()
                    .with(base)
                    .withClusterManager(new HazelcastClusterManager(hazelcast))
                    .buildClustered()
                    .await(30, TimeUnit.SECONDS);
            return new ClusterNode(hazelcast, vertx);
        } catch (java.util.concurrent.TimeoutException late) {
            hazelcast.shutdown();
            throw new ClusterJoinException("not joined");
        }
    }

    /** Trial. */
    public Vertx vertx() {
        return vertx;
    }

    /** Trial. */
    public List<MemberInfo> members() {
        return hazelcast.getCluster().getMembers().stream()
                .map(ClusterNode::info)
                .toList();
    }

    private static MemberInfo info(Member member) {
        return new MemberInfo(
                new NodeName(String.valueOf(member.getAttribute("redshank.node"))),
                Long.parseLong(String.valueOf(member.getAttribute("redshank.run"))));
    }

    /** Trial. */
    public void onChange(Runnable action) {
        var unused = hazelcast.getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent event) {
                action.run();
            }

            @Override
            public void memberRemoved(MembershipEvent event) {
                action.run();
            }
        });
        var unused2 = hazelcast.getLifecycleService().addLifecycleListener((LifecycleEvent event) -> action.run());
    }

    /** Trial. */
    public void close() {
        try {
            var unused = vertx.close().await(10, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException late) {
            // trial
        }
        hazelcast.shutdown();
    }

    /** Trial. */
    public void abandon() {
        hazelcast.getLifecycleService().terminate();
        close();
    }
}
