package io.redshank.verification;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.List;
import java.util.Map;

/** Who may know whom. A module that is not in the table has to be put there, which is the moment to think about it. */
@AnalyzeClasses(packages = "io.redshank", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleBoundariesTest {
    private static final List<String> OF_A_BACKEND = List.of("model", "events", "redis", "hooks");

    /** Each module, and which of ours its code may use. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            entry("model", List.of()),
            entry("events", List.of("model")),
            entry("redis", List.of("model")),
            entry("hooks", List.of("model", "redis")),
            entry("connections", OF_A_BACKEND),
            entry("messages", OF_A_BACKEND),
            entry("retained", OF_A_BACKEND),
            entry("acks", OF_A_BACKEND),
            entry("delayed", OF_A_BACKEND),
            entry("auth", List.of("model")),
            entry("admin", List.of("model", "redis", "hooks")),
            entry("broker", List.of("model", "events", "auth")),
            entry("cluster", List.of("model", "events")),
            entry("embedded", List.of()),
            entry(
                    "app",
                    List.of(
                            "model",
                            "events",
                            "redis",
                            "hooks",
                            "connections",
                            "messages",
                            "retained",
                            "acks",
                            "auth",
                            "delayed",
                            "admin",
                            "broker",
                            "cluster",
                            "embedded")),
            entry("testkit", List.of("model", "embedded")),
            entry("example", List.of("model", "events")),
            entry("bench", List.of()));

    private static final String[] BACKENDS = packagesOf("connections", "messages", "retained", "acks", "delayed");
    private static final String[] MQTT = {"io.vertx.mqtt..", "io.netty.handler.codec.mqtt.."};

    @ArchTest
    static final ArchRule modules_use_only_what_the_table_says = theTable();

    @ArchTest
    static final ArchRule every_module_is_in_the_table =
            classes().should().resideInAnyPackage(packagesOf(MAY_USE.keySet().toArray(String[]::new)));

    @ArchTest
    static final ArchRule no_package_is_in_a_cycle =
            slices().matching("io.redshank.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule concerns_do_not_know_each_other = slices().matching(
                    "io.redshank.(connections|messages|retained|acks|delayed|admin|broker)..")
            .should()
            .notDependOnEachOther()
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule model_knows_only_the_jdk_and_annotations = classes()
            .that()
            .resideInAPackage("io.redshank.model..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.redshank.model..",
                    "java..",
                    "org.jspecify.annotations..",
                    "com.google.errorprone.annotations..");

    @ArchTest
    static final ArchRule events_know_neither_redis_nor_mqtt_nor_hazelcast = noClasses()
            .that()
            .resideInAPackage("io.redshank.events..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.redis..", MQTT[0], MQTT[1], "com.hazelcast..", "io.vertx.spi.cluster..");

    @ArchTest
    static final ArchRule broker_never_knows_redis = noClasses()
            .that()
            .resideInAPackage("io.redshank.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.redis..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule backends_never_know_mqtt_packets = noClasses()
            .that()
            .resideInAnyPackage(BACKENDS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(MQTT)
            .allowEmptyShould(true);

    /** But for the keys of a Redis command, by which it finds its server: there is no other way to ask for them. */
    @ArchTest
    static final ArchRule implementation_of_vertx_is_not_used = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.redshank.redis.Slots")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..impl..");

    @ArchTest
    static final ArchRule internals_of_vertx_are_used_by_the_broker_only = noClasses()
            .that()
            .resideOutsideOfPackage("io.redshank.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..internal..");

    /** Rules about nothing hold: these modules are known to be there. */
    @ArchTest
    static void rules_are_about_something(JavaClasses classes) {
        assertThat(classes)
                .extracting(type -> type.getPackageName())
                .contains("io.redshank.model", "io.redshank.events");
    }

    private static LayeredArchitecture theTable() {
        LayeredArchitecture table =
                layeredArchitecture().consideringOnlyDependenciesInLayers().withOptionalLayers(true);
        for (String module : MAY_USE.keySet()) {
            table = table.layer(module).definedBy(packagesOf(module));
        }
        for (Map.Entry<String, List<String>> row : MAY_USE.entrySet()) {
            String[] used = row.getValue().toArray(String[]::new);
            LayeredArchitecture.LayerDependencySpecification layer = table.whereLayer(row.getKey());
            table = used.length == 0 ? layer.mayNotAccessAnyLayer() : layer.mayOnlyAccessLayers(used);
        }
        return table;
    }

    private static String[] packagesOf(String... modules) {
        String[] packages = new String[modules.length];
        for (int i = 0; i < modules.length; i++) {
            packages[i] = "io.redshank." + modules[i] + "..";
        }
        return packages;
    }
}
