package io.redshank.app;

import io.redshank.admin.Counts;
import io.redshank.admin.Doctor;
import io.redshank.admin.Finding;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Lists what in Redis no live state explains, and mends it if asked to. */
@Command(
        description = "Lists what is wrong with the state in Redis, and mends it with --repair.",
        footer = {
            "",
            "Works beside nodes that run, in small steps, and may be broken off at any time.",
            "Prints a line for each finding: what became of it (found, mended; changed if it",
            "was different by then; by-hand if only you can know what is right), its kind,",
            "pool, key, and member of the key; and at the end how many of each kind.",
            "Exits with 0 if nothing is wrong, 1 if there are findings, 2 if it cannot look."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DoctorCommand implements Callable<Integer> {
    private final Path workingDirectory;
    private final Map<String, String> environment;

    @Mixin
    private Operation operation = new Operation();

    @Option(names = "--repair", description = "Mend what is found.")
    private boolean repair;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable RunCommand before;

    DoctorCommand(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = environment;
    }

    @Override
    public Integer call() throws TimeoutException {
        PrintWriter out = spec.commandLine().getOut();
        return operation.run(spec.commandLine(), before, workingDirectory, environment, (site, configuration) -> {
            Counts counts = site.work(access -> new Doctor(
                            access.vertx(),
                            access.options(),
                            access.links(),
                            repair,
                            Doctor.Pace.ORDINARY,
                            (finding, state) -> print(finding, state, out))
                    .examine());
            printCounts(counts, out);
            return counts.findings().isEmpty() ? CommandLine.ExitCode.OK : Operation.FINDINGS;
        });
    }

    private void print(Finding finding, Finding.State state, PrintWriter out) {
        String member = finding.member();
        if (operation.isJson()) {
            JsonObject line = new JsonObject()
                    .put("state", word(state))
                    .put("kind", finding.kind().word())
                    .put("pool", finding.pool())
                    .put("key", finding.key());
            if (member != null) {
                line.put("member", member);
            }
            out.println(line.put("detail", finding.detail()).encode());
        } else {
            String detail = finding.detail().isEmpty() ? "" : " (" + Operation.oneLine(finding.detail()) + ")";
            out.println(word(state) + " " + finding.kind().word() + " " + finding.pool() + " "
                    + Operation.word(finding.key()) + (member == null ? "" : " " + Operation.word(member)) + ": "
                    + finding.kind().meaning() + detail);
        }
    }

    private void printCounts(Counts counts, PrintWriter out) {
        JsonObject totals = new JsonObject();
        long all = 0;
        for (var kind : counts.findings().entrySet()) {
            JsonObject states = new JsonObject();
            StringBuilder line = new StringBuilder("total " + kind.getKey().word());
            for (var state : kind.getValue().entrySet()) {
                states.put(word(state.getKey()), state.getValue());
                line.append(' ').append(word(state.getKey())).append('=').append(state.getValue());
                all += state.getValue();
            }
            totals.put(kind.getKey().word(), states);
            printText(line.toString(), out);
        }
        JsonObject notes = new JsonObject();
        counts.notes().forEach((note, count) -> {
            notes.put(note.word(), count);
            printText("note " + note.word() + " count=" + count + ": " + note.meaning(), out);
        });
        printText("looked at " + counts.keys() + " keys: " + (all == 0 ? "nothing is wrong" : all + " findings"), out);
        if (operation.isJson()) {
            out.println(new JsonObject()
                    .put("keys", counts.keys())
                    .put("total", totals)
                    .put("notes", notes)
                    .encode());
        }
    }

    private void printText(String line, PrintWriter out) {
        if (!operation.isJson()) {
            out.println(line);
        }
    }

    private static String word(Finding.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
