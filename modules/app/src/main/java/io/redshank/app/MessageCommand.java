package io.redshank.app;

import io.redshank.admin.Statement;
import io.redshank.admin.StoredMessage;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.Message;
import io.redshank.model.MessageId;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows a stored message, and which sessions have not acknowledged it. */
@Command(
        description = "Shows a stored message, and which sessions have not acknowledged it.",
        footer = {"", "Exits with 0 if there is such a message, 1 if not, 2 if that cannot be found out."},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class MessageCommand implements Callable<Integer> {
    private final Path workingDirectory;
    private final Map<String, String> environment;

    @Mixin
    private Operation operation = new Operation();

    @Option(names = "--payload", description = "Print the payload, too: as text, or else in base64.")
    private boolean payload;

    @Parameters(paramLabel = "MSGID", description = "The message's id.")
    private String id = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable RunCommand before;

    MessageCommand(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = environment;
    }

    @Override
    public Integer call() throws TimeoutException {
        try {
            return show(new MessageId(id));
        } catch (MalformedMqttException malformed) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(malformed.getMessage()));
        }
    }

    private int show(MessageId message) throws TimeoutException {
        PrintWriter out = spec.commandLine().getOut();
        return operation.run(spec.commandLine(), before, workingDirectory, environment, (site, configuration) -> {
            StoredMessage.Shown shown = site.work(access -> new StoredMessage(
                            access.vertx(), access.options(), access.links(), line -> operation.print(line, out))
                    .show(message));
            Message stored = shown.message();
            if (payload && stored != null) {
                operation.print(payloadOf(stored), out);
            }
            return shown.known() ? CommandLine.ExitCode.OK : Operation.FINDINGS;
        });
    }

    private static Statement payloadOf(Message message) {
        byte[] bytes = message.payload().shared();
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new Statement("payload", text, new JsonObject().put("payload", text));
        } catch (CharacterCodingException notText) {
            String base64 = Base64.getEncoder().encodeToString(bytes);
            return new Statement("payload", "base64 " + base64, new JsonObject().put("payload_base64", base64));
        }
    }
}
