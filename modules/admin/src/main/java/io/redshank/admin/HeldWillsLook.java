package io.redshank.admin;

import io.redshank.model.MessageId;
import io.redshank.model.NodeName;
import io.redshank.redis.DueMessages;
import io.redshank.redis.HeldWill;
import io.redshank.redis.KeyKind;
import io.redshank.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The wills that nodes hold for clients that are connected to them: a node that does not run holds none, and each must be there. */
final class HeldWillsLook implements Look {
    private final RedisLink link;
    private final Nodes nodes;

    HeldWillsLook(RedisLink link, Nodes nodes) {
        this.link = link;
        this.nodes = nodes;
    }

    @Override
    public Future<List<Suspicion>> at(List<Subject> subjects) {
        List<String> names =
                subjects.stream().map(HeldWillsLook::nodeOf).distinct().toList();
        List<Request> questions = new ArrayList<>();
        for (Subject subject : subjects) {
            MessageId id = Names.id(subject.name());
            questions.add(Request.cmd(Command.HGET).arg(subject.key()).arg(subject.name()));
            questions.add(Request.cmd(Command.EXISTS).arg(id == null ? "" : DueMessages.WILLS.key(id)));
        }
        return nodes.running(names)
                .compose(running -> Replies.to(questions, link).map(replies -> {
                    List<Suspicion> suspicions = new ArrayList<>();
                    for (int i = 0; i < subjects.size(); i++) {
                        boolean stillHeld = subjects.get(i).what().equals(replies.text(2 * i));
                        Suspicion suspicion =
                                stillHeld ? judge(subjects.get(i), replies.isOne(2 * i + 1), running) : null;
                        if (suspicion != null) {
                            suspicions.add(suspicion);
                        }
                    }
                    return suspicions;
                }));
    }

    private @Nullable Suspicion judge(Subject subject, boolean isThere, Set<String> running) {
        HeldWill held = HeldWill.read(subject.name(), subject.what());
        if (held == null || !isThere) {
            return new Suspicion(
                    Finding.of(FindingKind.HELD_WITHOUT_WILL, link.pool().name(), subject, ""),
                    subject,
                    Mends.by(link, Mends.dropField(subject)));
        }
        NodeName node = Names.node(nodeOf(subject));
        if (node == null || running.contains(node.value())) {
            return null;
        }
        // As the node itself does when it is back; whoever has come back by then, has to another node.
        return new Suspicion(
                Finding.of(FindingKind.WILL_LEFT_BEHIND, link.pool().name(), subject, "client " + held.client()),
                subject,
                () -> held.leave(link, node, Long.MAX_VALUE).map(true));
    }

    private static String nodeOf(Subject subject) {
        return KeyKind.HELD_WILLS.nameIn(subject.key());
    }
}
