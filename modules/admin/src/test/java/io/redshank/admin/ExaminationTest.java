package io.redshank.admin;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is on its way at the first look, and in its place at the second, is not wrong. */
class ExaminationTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<String> confirmed = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().await(5, SECONDS);
    }

    @Test
    void whatIsRightAtTheSecondLook_isNotConfirmed() throws Exception {
        Look second = subjects -> Future.succeededFuture(subjects.stream()
                .filter(subject -> !subject.key().equals("arriving"))
                .map(ExaminationTest::wrong)
                .toList());
        settle(second, wrong(Subject.ofKey("arriving")), wrong(Subject.ofKey("dead")));
        assertThat(confirmed).containsExactly("dead");
    }

    @Test
    void whatIsWrongOtherwiseAtTheSecondLook_isNotConfirmed() throws Exception {
        Look second = subjects -> Future.succeededFuture(List.of(new Suspicion(
                new Finding(FindingKind.WRONG_TYPE, "pool1", "dead", null, ""), Subject.ofKey("dead"), null)));
        settle(second, wrong(Subject.ofKey("dead")));
        assertThat(confirmed).isEmpty();
    }

    private static Suspicion wrong(Subject subject) {
        return new Suspicion(Finding.of(FindingKind.NO_TTL, "pool1", subject, ""), subject, null);
    }

    private void settle(Look second, Suspicion... first) throws Exception {
        Promise<Void> done = Promise.promise();
        vertx.getOrCreateContext().runOnContext(go -> {
            Examination examination = new Examination(new Steps(vertx, 1), 1, 100, suspicion -> {
                confirmed.add(suspicion.finding().key());
                return Future.succeededFuture();
            });
            examination
                    .suspect(second, List.of(first))
                    .compose(kept -> examination.settle())
                    .onComplete(done);
        });
        done.future().await(5, SECONDS);
    }
}
