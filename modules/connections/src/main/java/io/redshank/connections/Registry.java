package io.redshank.connections;

import io.redshank.model.ClientId;
import io.redshank.model.NodeName;
import io.redshank.redis.Keys;
import io.redshank.redis.NodeBeats;
import io.redshank.redis.NodeRun;
import io.redshank.redis.RedisFailure;
import io.redshank.redis.RedisLink;
import io.redshank.redis.RedisLinks;
import io.redshank.redis.Registration;
import io.redshank.redis.RegistrationScripts;
import io.redshank.redis.Script;
import io.redshank.redis.Severing;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which client ids are claimed, as Redis knows it, and the node's own list of them. Confined to the context of its link. */
final class Registry {
    private static final Logger log = LoggerFactory.getLogger(Registry.class);

    static final List<Script> SCRIPTS = Stream.of(RegistrationScripts.SCRIPTS, NodeBeats.SCRIPTS)
            .flatMap(List::stream)
            .toList();

    private final RedisLinks links;
    private final RedisLink link;
    private final NodeName node;

    /** The registry as this node sees it, by a link that has its scripts. */
    Registry(RedisLinks links, RedisLink link, NodeName node) {
        this.links = links;
        this.link = link;
        this.node = node;
    }

    /** What is known of a client id. */
    Future<Registration> find(ClientId client) {
        return link.send(Request.cmd(Command.HGETALL, Keys.connection(client))).map(Registry::read);
    }

    /** Claims it for a broker instance of that run of a node; what held it before is a predecessor from now on. */
    Future<Registration> claim(ClientId client, NodeRun run, int instance) {
        // First the node's list: what a node that is killed has claimed is found by it.
        Request listed = Request.cmd(Command.HSET, Keys.connections(run.node()), client.value(), 0);
        return link.pipeline(List.of(listed, RegistrationScripts.claim(client, run, instance, node)))
                .compose(replies -> {
                    RedisFailure failure = replies.failure(1);
                    return failure == null
                            ? Future.succeededFuture(read(replies.reply(1)))
                            : Future.failedFuture(failure);
                })
                .onSuccess(claimed -> link.send(RegistrationScripts.note(run.node(), client, claimed.epoch()))
                        .onFailure(failure -> log.debug(
                                "Epoch of a claim not noted [client={}, cause={}]", client, failure.getMessage())));
    }

    /** A connection is let in; completes with false if its client id is another one's by now. */
    Future<Boolean> enter(ClientId client, long epoch, @Nullable String username) {
        return link.send(RegistrationScripts.enter(client, epoch, username == null ? "" : username))
                .map(entered -> entered == null || entered.toInteger() == 1);
    }

    /** A claim is given up. May be repeated. */
    Future<Void> release(ClientId client, long epoch) {
        return find(client).compose(known -> {
            Registration.Holder claim = known.of(epoch);
            return claim == null ? Future.succeededFuture() : release(client, epoch, claim.node());
        });
    }

    /** A connection on that node has let go: whoever waits for that is told. May be repeated. */
    Future<Void> release(ClientId client, long epoch, NodeName itsNode) {
        return link.send(RegistrationScripts.release(client, epoch))
                .map(Registry::read)
                .compose(left -> {
                    boolean stillThere = left.predecessors().stream()
                            .anyMatch(one -> one.node().equals(itsNode));
                    Registration.Holder next = left.holder();
                    if (next != null) {
                        tell(next.via(), NodeNotice.prompt(client));
                    }
                    return stillThere
                            ? Future.succeededFuture()
                            : link.send(RegistrationScripts.forget(itsNode, client, Long.toString(epoch)))
                                    .mapEmpty();
                });
    }

    /** Sees to it that nothing of a dead run reaches Redis any more. */
    Future<?> cutOff(NodeRun run) {
        return Severing.end(links.all(), run).compose(severed -> NodeBeats.cutOff(link, run));
    }

    /** Whether that run of a node lives. */
    Future<NodeBeats.State> stateOf(NodeRun run) {
        return NodeBeats.state(link, run);
    }

    /** Tells a node on its channel. It may not hear it: that is no failure, since who waits asks again. */
    void tell(NodeName whom, NodeNotice notice) {
        link.send(Request.cmd(Command.PUBLISH, Keys.nodeChannel(whom), notice.text()))
                .onFailure(failure -> log.debug("Node not told [node={}, cause={}]", whom, failure.getMessage()));
    }

    private static Registration read(@Nullable Response hash) {
        return hash == null ? Registration.NONE : Registration.read(Hashes.read(hash));
    }
}
