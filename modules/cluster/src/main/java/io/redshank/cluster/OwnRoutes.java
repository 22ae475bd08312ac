package io.redshank.cluster;

import io.redshank.events.Answer;
import io.redshank.events.RouteWanted;
import io.redshank.events.RoutesChanged;
import io.redshank.model.NodeName;
import io.redshank.model.TopicFilter;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What this node wants of the others: the filters of its broker instances, each once. Confined to the context of the node's
 * verticle.
 */
final class OwnRoutes {
    /** A page is one event; a longer one would keep the event loop, and what else goes to that node, waiting. */
    private static final int FILTERS_IN_PAGE = 500;

    private static final Future<Answer> DONE = Future.succeededFuture(Answer.DONE);

    private final NodeName node;
    private final Function<RoutesChanged, Future<Answer>> tellOthers;
    /** How many broker instances want each filter. */
    private final Map<TopicFilter, Integer> wanted = new HashMap<>();
    /** What the others have not all heard yet. */
    private final Map<TopicFilter, Future<Answer>> untold = new HashMap<>();

    OwnRoutes(NodeName node, Function<RoutesChanged, Future<Answer>> tellOthers) {
        this.node = node;
        this.tellOthers = tellOthers;
    }

    /** A broker instance wants a filter, or does not any more; complete when the others know what that changes. */
    Future<Answer> onWanted(RouteWanted event) {
        TopicFilter filter = event.filter();
        return event.wanted() ? add(filter) : remove(filter);
    }

    private Future<Answer> add(TopicFilter filter) {
        if (wanted.merge(filter, 1, Integer::sum) > 1) {
            return untold.getOrDefault(filter, DONE);
        }
        Future<Answer> told =
                tellOthers.apply(new RoutesChanged(node, RoutesChanged.Part.NEWS, List.of(filter), List.of()));
        if (!told.isComplete()) {
            untold.put(filter, told);
            told.onComplete(done -> untold.remove(filter, told));
        }
        return told;
    }

    private Future<Answer> remove(TopicFilter filter) {
        Integer left = wanted.computeIfPresent(filter, (same, count) -> count > 1 ? count - 1 : null);
        return left != null
                ? DONE
                : tellOthers.apply(new RoutesChanged(node, RoutesChanged.Part.NEWS, List.of(), List.of(filter)));
    }

    /** Tells one other node all of it, page by page, each when the one before is answered; news go between. */
    Future<Answer> tellAll(Function<RoutesChanged, Future<Answer>> peer) {
        Iterator<TopicFilter> all = List.copyOf(wanted.keySet()).iterator();
        return peer.apply(new RoutesChanged(node, RoutesChanged.Part.BEGINNING, List.of(), List.of()))
                .compose(begun -> tellRest(all, peer));
    }

    private Future<Answer> tellRest(Iterator<TopicFilter> all, Function<RoutesChanged, Future<Answer>> peer) {
        List<TopicFilter> page = new ArrayList<>();
        while (all.hasNext() && page.size() < FILTERS_IN_PAGE) {
            TopicFilter filter = all.next();
            if (wanted.containsKey(filter)) { // not given up since
                page.add(filter);
            }
        }
        RoutesChanged.Part part = all.hasNext() ? RoutesChanged.Part.MIDDLE : RoutesChanged.Part.END;
        Future<Answer> told = peer.apply(new RoutesChanged(node, part, page, List.of()));
        return all.hasNext() ? told.compose(next -> tellRest(all, peer)) : told;
    }
}
