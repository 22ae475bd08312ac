package io.redshank.verification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The conformance tables name every statement once, and tests that exist. */
class ConformanceTableTest {
    private static final Path MODULES = Path.of("..");
    private static final Path TABLE = MODULES.resolve("broker/CONFORMANCE.md");
    private static final Pattern STATEMENT = Pattern.compile("MQTT-\\d[\\d.-]*-\\d+");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

    /** The statements of MQTT 5.0, appendix B: each section, and the first and last number in it. */
    private static final String MQTT_5 = """
            1.5.4 1-3, 1.5.5 1-1, 1.5.7 1-1, 2.1.3 1-1, 2.2.1 2-6, 2.2.2 1-1, 3.1.0 1-2, 3.1.2 1-30, 3.1.3 1-12, 3.1.4 1-6,
            3.2.0 1-2, 3.2.2 1-22, 3.3.1 1-13, 3.3.2 1-20, 3.3.4 1-10, 3.4.2 1-3, 3.5.2 1-3, 3.6.1 1-1, 3.6.2 1-3, 3.7.2 1-3,
            3.8.1 1-1, 3.8.3 1-5, 3.8.4 1-8, 3.9.2 1-2, 3.9.3 1-2, 3.10.1 1-1, 3.10.3 1-2, 3.10.4 1-6, 3.11.2 1-2, 3.11.3 1-2,
            3.12.4 1-1, 3.14.0 1-1, 3.14.1 1-1, 3.14.2 1-4, 3.14.4 1-3, 3.15.1 1-1, 3.15.2 1-3, 4.1.0 1-2, 4.2 1-1, 4.3.1 1-1,
            4.3.2 1-5, 4.3.3 1-13, 4.4.0 1-2, 4.5.0 1-2, 4.6.0 1-6, 4.7.0 1-1, 4.7.1 1-2, 4.7.2 1-1, 4.7.3 1-4, 4.8.2 1-6,
            4.9.0 1-3, 4.12.0 1-7, 4.12.1 1-2, 4.13.1 1-1, 4.13.2 1-1, 6.0.0 1-4""";

    /** Those of MQTT 3.1.1; one of them is spelled like no other. */
    private static final String MQTT_3_1_1 = """
            1.5.3 1-3, 2.2.2 1-2, 2.3.1 1-7, 3.1.0 1-2, 3.1.2 1-24, 3.1.3 1-11, 3.1.4 1-5, 3.2.0 1-1, 3.2.2 1-6, 3.3.1 1-12,
            3.3.2 1-3, 3.3.4 1-1, 3.3.5 1-2, 3.6.1 1-1, 3.8.1 1-1, 3.8.3 1-3, 3-8.3 4-4, 3.8.4 1-6, 3.9.3 1-2, 3.10.1 1-1,
            3.10.3 1-2, 3.10.4 1-6, 3.12.4 1-1, 3.14.1 1-1, 3.14.4 1-3, 4.1.0 1-2, 4.3.1 1-1, 4.3.2 1-2, 4.3.3 1-2, 4.4.0 1-1,
            4.5.0 1-2, 4.6.0 1-6, 4.7.1 1-3, 4.7.2 1-1, 4.7.3 1-4, 4.8.0 1-2, 6.0.0 1-4, 7.0.0 1-2, 7.1.1 1-1, 7.1.2 1-1""";

    static Stream<Arguments> tables() {
        return Stream.of(Arguments.of("MQTT 5.0", MQTT_5), Arguments.of("MQTT 3.1.1", MQTT_3_1_1));
    }

    private static String section(String title) throws IOException {
        String all = Files.readString(TABLE);
        int start = all.indexOf("## " + title);
        int end = all.indexOf("\n## ", start);
        return all.substring(start, end < 0 ? all.length() : end);
    }

    private static List<String> statements(String ranges) {
        List<String> all = new ArrayList<>();
        for (String range : ranges.split(",\\s+")) {
            String section = range.substring(0, range.indexOf(' '));
            int first = Integer.parseInt(range.substring(range.indexOf(' ') + 1, range.lastIndexOf('-')));
            int last = Integer.parseInt(range.substring(range.lastIndexOf('-') + 1));
            IntStream.rangeClosed(first, last).forEach(number -> all.add("MQTT-" + section + "-" + number));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void everyStatement_isThereOnce(String title, String ranges) throws IOException {
        List<String> named = new ArrayList<>();
        for (String line : section(title).lines().toList()) {
            boolean row = line.startsWith("| MQTT-");
            Matcher statement = STATEMENT.matcher(row ? line.substring(0, line.indexOf('|', 2)) : line);
            while ((row || line.startsWith("These bind clients only")) && statement.find()) {
                named.add(statement.group());
            }
        }
        assertThat(named).containsExactlyInAnyOrderElementsOf(statements(ranges));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tables")
    void everyRow_hasATestOrSaysThatThereIsNone(String title, String ranges) throws IOException {
        assertThat(section(title).lines().filter(line -> line.startsWith("| MQTT-")))
                .hasSizeGreaterThan(statements(ranges).size() / 2)
                .allMatch(line -> TEST.matcher(line).find() || line.contains("| no test"));
    }

    @Test
    void everyTest_exists() throws IOException {
        List<Path> sources;
        try (Stream<Path> files = Files.walk(MODULES)) {
            sources = files.filter(file -> file.toString().contains("/src/test/java/"))
                    .filter(file -> file.toString().endsWith("Test.java"))
                    .toList();
        }
        List<String> missing = new ArrayList<>();
        Matcher test = TEST.matcher(Files.readString(TABLE));
        while (test.find()) {
            if (!exists(sources, test.group(1), test.group(2))) {
                missing.add(test.group());
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean exists(List<Path> sources, String className, String method) throws IOException {
        for (Path source : sources) {
            if (source.endsWith(className + ".java") && Files.readString(source).contains("void " + method + "(")) {
                return true;
            }
        }
        return false;
    }
}
