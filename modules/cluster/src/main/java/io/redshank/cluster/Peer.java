package io.redshank.cluster;

import io.redshank.events.Member;
import io.redshank.events.RoutesChanged;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Another node, from the moment it is seen until it is gone. Confined to the context of the node's verticle. */
final class Peer {
    private final RouteTable routes;
    private Member state;
    private boolean greeted;
    private boolean told;
    /** What it has said that it wants since it began to say all of it; null while it does not. */
    private @Nullable Set<TopicFilter> retelling;

    private boolean heardAll;

    /** One of which nothing is known but its name and run. */
    Peer(Member run, RouteTable routes) {
        this.state = new Member(run.node(), run.incarnation(), Map.of());
        this.routes = routes;
    }

    NodeName node() {
        return state.node();
    }

    /** Who it is, and what it serves with as far as it has said. */
    Member state() {
        return state;
    }

    /** It says what it serves with by now. */
    void says(Member now) {
        if (now.isSameRunAs(state)) {
            state = now;
        }
    }

    /** It has answered, so it hears what it is told. */
    void greeted() {
        greeted = true;
    }

    boolean isGreeted() {
        return greeted;
    }

    /** It is being told, or has been told, all that this node wants: news are for it from now on. */
    void tellsAll() {
        told = true;
    }

    boolean isTold() {
        return told;
    }

    /** Whether it has answered, and has said all that it wants. */
    boolean isMet() {
        return greeted && heardAll;
    }

    /** It wants other things than before. */
    void wants(RoutesChanged changed) {
        if (changed.part() == RoutesChanged.Part.BEGINNING) {
            retelling = new HashSet<>();
        }
        Set<TopicFilter> sinceBeginning = retelling;
        changed.added().forEach(filter -> routes.add(node(), filter));
        changed.removed().forEach(filter -> routes.remove(node(), filter));
        if (sinceBeginning != null) {
            sinceBeginning.addAll(changed.added());
            changed.removed().forEach(sinceBeginning::remove);
            if (changed.part() == RoutesChanged.Part.END) {
                routes.keepOnly(node(), sinceBeginning);
                retelling = null;
                heardAll = true;
            }
        }
    }
}
