package io.redshank.admin;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Keeps suspicions for a while and looks a second time: what is still there then, and only that, is handed on. */
final class Examination {
    private static final int SUBJECTS_AT_ONCE = 250;

    private final Steps steps;
    private final long secondLookMillis;
    private final int most;
    private final Function<Suspicion, Future<Void>> onConfirmed;
    private Map<Look, List<Suspicion>> waiting = new LinkedHashMap<>();
    private int count;

    Examination(Steps steps, long secondLookMillis, int most, Function<Suspicion, Future<Void>> onConfirmed) {
        this.steps = steps;
        this.secondLookMillis = secondLookMillis;
        this.most = most;
        this.onConfirmed = onConfirmed;
    }

    /** Something looked wrong; completes when there is room for more. */
    Future<Void> suspect(Look look, List<Suspicion> suspicions) {
        if (!suspicions.isEmpty()) {
            waiting.computeIfAbsent(look, first -> new ArrayList<>()).addAll(suspicions);
            count += suspicions.size();
        }
        return count < most ? Future.succeededFuture() : settle();
    }

    /** Looks again at all that waits. */
    Future<Void> settle() {
        if (waiting.isEmpty()) {
            return Future.succeededFuture();
        }
        Map<Look, List<Suspicion>> settled = waiting;
        waiting = new LinkedHashMap<>();
        count = 0;
        return steps.pause(secondLookMillis)
                .compose(paused -> Steps.each(
                        List.copyOf(settled.entrySet()), entry -> lookAgain(entry.getKey(), entry.getValue())));
    }

    private Future<Void> lookAgain(Look look, List<Suspicion> suspicions) {
        Set<Finding> before = new HashSet<>();
        Set<Subject> subjects = new LinkedHashSet<>();
        for (Suspicion suspicion : suspicions) {
            before.add(suspicion.finding());
            subjects.add(suspicion.subject());
        }
        List<Subject> all = List.copyOf(subjects);
        List<List<Subject>> pages = new ArrayList<>();
        for (int from = 0; from < all.size(); from += SUBJECTS_AT_ONCE) {
            pages.add(all.subList(from, Math.min(from + SUBJECTS_AT_ONCE, all.size())));
        }
        return Steps.each(
                pages,
                page -> look.at(page)
                        .compose(still -> Steps.each(
                                still.stream()
                                        .filter(suspicion -> before.contains(suspicion.finding()))
                                        .toList(),
                                onConfirmed::apply)));
    }
}
