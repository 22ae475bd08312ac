package io.redshank.connections;

import io.redshank.events.ClaimPrompted;
import io.redshank.events.ClientEvicted;
import io.redshank.events.Concern;
import io.redshank.events.EventOutbox;
import io.redshank.events.EventTypes;
import io.redshank.events.Instance;
import io.redshank.events.LiveTopology;
import io.redshank.events.Member;
import io.redshank.redis.LeaveOrder;
import io.redshank.redis.NodeRun;
import io.vertx.core.buffer.Buffer;

/** Passes on what other nodes, or this one, or operators say on the channel of this node. Confined to the context of its outbox. */
final class NodeNotices {
    private final EventOutbox outbox;
    private final LiveTopology topology;
    private final Runnable onLeaveOrdered;

    NodeNotices(EventOutbox outbox, LiveTopology topology, Runnable onLeaveOrdered) {
        this.outbox = outbox;
        this.topology = topology;
        this.onLeaveOrdered = onLeaveOrdered;
    }

    void onMessage(Buffer message) {
        NodeNotice notice = NodeNotice.read(message);
        Member self = topology.now().self();
        if (notice != null) {
            passOn(notice, self);
        } else if (new LeaveOrder(new NodeRun(self.node(), self.incarnation())).isSaidBy(message)) {
            onLeaveOrdered.run();
        }
    }

    private void passOn(NodeNotice notice, Member self) {
        if (self.instancesOf(Concern.CONNECTIONS) > 0) { // it may wait here, or be waited for
            outbox.send(EventTypes.CLAIM_PROMPTED, Concern.CONNECTIONS, new ClaimPrompted(notice.client()));
        }
        if (notice.isEviction() && notice.incarnation() == self.incarnation()) {
            outbox.sendOf(
                    EventTypes.CLIENT_EVICTED,
                    Concern.BROKER,
                    new Instance(self.node(), notice.instance()),
                    new ClientEvicted(notice.client(), notice.epoch()));
        }
    }
}
