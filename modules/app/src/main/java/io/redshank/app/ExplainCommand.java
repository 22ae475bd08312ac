package io.redshank.app;

import io.redshank.admin.Explain;
import io.redshank.admin.Statement;
import io.redshank.app.config.Configuration;
import io.redshank.broker.topics.Rewriting;
import io.redshank.broker.topics.TopicRules;
import io.redshank.model.ClientId;
import io.redshank.model.MalformedMqttException;
import io.redshank.model.TopicName;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Says what keeps a client from getting a topic's messages, or what of them waits for it. */
@Command(
        description = "Says what keeps a client from getting a topic's messages, or what waits for it.",
        footer = {
            "",
            "Exits with 0 if nothing keeps it from them, 1 if something does, 2 if that cannot be",
            "found out."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class ExplainCommand implements Callable<Integer> {
    private final Path workingDirectory;
    private final Map<String, String> environment;

    @Mixin
    private Operation operation = new Operation();

    @Parameters(index = "0", paramLabel = "CLIENTID", description = "The client.")
    private String client = "";

    @Parameters(index = "1", paramLabel = "TOPIC", description = "The topic, without wildcards.")
    private String topic = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @ParentCommand
    private @Nullable RunCommand before;

    ExplainCommand(Path workingDirectory, Map<String, String> environment) {
        this.workingDirectory = workingDirectory;
        this.environment = environment;
    }

    @Override
    public Integer call() throws TimeoutException {
        try {
            return explain(new ClientId(client), new TopicName(topic));
        } catch (MalformedMqttException malformed) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(malformed.getMessage()));
        }
    }

    private int explain(ClientId who, TopicName what) throws TimeoutException {
        PrintWriter out = spec.commandLine().getOut();
        return operation.run(spec.commandLine(), before, workingDirectory, environment, (site, configuration) -> {
            TopicRules rules = configuration.mqtt().topics();
            Explain.Answer answer = site.work(access ->
                    new Explain(access.vertx(), access.options(), access.links(), rules::refuses).explain(who, what));
            printRewriting(who, what, configuration, out);
            answer.statements().forEach(statement -> operation.print(statement, out));
            return answer.kept() ? Operation.FINDINGS : CommandLine.ExitCode.OK;
        });
    }

    /** Nobody gets a message on a topic that a rule replaces. */
    private void printRewriting(ClientId who, TopicName what, Configuration configuration, PrintWriter out) {
        Rewriting rewriting = new Rewriting(configuration.mqtt().topics().rewrites());
        try {
            TopicName instead = rewriting.topic(what, who, null);
            if (!instead.equals(what)) {
                String words = "what is published to " + what + " goes to " + instead
                        + ", by mqtt.topics.rewrite: ask for that";
                operation.print(new Statement("rewrite", words, new JsonObject().put("topic", instead.value())), out);
            }
        } catch (MalformedMqttException refused) {
            String words = "what is published to " + what + " is refused, for mqtt.topics.rewrite makes no topic of it";
            operation.print(new Statement("rewrite", words, new JsonObject()), out);
        }
    }
}
