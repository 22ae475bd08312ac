package io.redshank.verification;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameterizedType;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.redshank.events.EventType;
import io.redshank.events.EventTypes;
import io.redshank.events.LifecycleEvent;
import io.vertx.core.Deployable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;

/** How our classes are made. */
@AnalyzeClasses(packages = "io.redshank", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
    /** What makes its thread wait: a type, and the methods of it and its subtypes that do. */
    private static final Map<Class<?>, Set<String>> BLOCKING = Map.of(
            Thread.class, Set.of("sleep", "join"),
            TimeUnit.class, Set.of("sleep", "timedJoin", "timedWait"),
            io.vertx.core.Future.class, Set.of("await"),
            Future.class, Set.of("get", "join"),
            CountDownLatch.class, Set.of("await"),
            Semaphore.class, Set.of("acquire", "acquireUninterruptibly"),
            BlockingQueue.class, Set.of("put", "take"),
            LockSupport.class, Set.of("park", "parkNanos", "parkUntil"));

    @ArchTest
    static final ArchRule nothing_blocks_outside_of_programs_and_their_tools = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.redshank.app..",
                    "io.redshank.cluster.join..",
                    "io.redshank.embedded..",
                    "io.redshank.testkit..",
                    "io.redshank.bench..")
            .should()
            .accessTargetWhere(describe("the target makes its thread wait", HouseRulesTest::blocks));

    @ArchTest
    static final ArchRule lifecycle_events_are_records =
            classes().that().implement(LifecycleEvent.class).should().beRecords();

    @ArchTest
    static final ArchRule events_of_the_catalogue_are_records = fields().that()
            .areDeclaredIn(EventTypes.class)
            .and()
            .haveRawType(EventType.class)
            .should(new ArchCondition<>("be the type of a record") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                    JavaType event = ((JavaParameterizedType) field.getType())
                            .getActualTypeArguments()
                            .get(0);
                    events.add(new SimpleConditionEvent(
                            field, event.toErasure().isRecord(), field.getName() + " is of " + event.getName()));
                }
            });

    @ArchTest
    static final ArchRule verticles_are_final_and_called_so = classes()
            .that()
            .areAssignableTo(Deployable.class)
            .should()
            .haveSimpleNameEndingWith("Verticle")
            .andShould()
            .haveModifier(JavaModifier.FINAL)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule what_is_called_verticle_is_one = classes()
            .that()
            .haveSimpleNameEndingWith("Verticle")
            .should()
            .beAssignableTo(Deployable.class)
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule static_fields_are_final =
            fields().that().areStatic().should().beFinal();

    @ArchTest
    static final ArchRule names_say_what_a_class_is =
            noClasses().should().haveNameMatching(".*[.$](Abstract[^.$]*|Base[A-Z][^.$]*|[^.$]*(Impl|Utils|Manager))");

    @ArchTest
    static void every_package_is_null_marked(JavaClasses classes) {
        assertThat(classes)
                .map(JavaClass::getPackage)
                .allSatisfy(pack -> assertThat(pack.isAnnotatedWith(NullMarked.class))
                        .as(pack.getName())
                        .isTrue());
    }

    private static boolean blocks(JavaAccess<?> access) {
        return BLOCKING.entrySet().stream()
                .anyMatch(type -> type.getValue().contains(access.getName())
                        && access.getTargetOwner().isAssignableTo(type.getKey()));
    }
}
