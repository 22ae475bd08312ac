package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What is logged at WARN and above while this is open, by whomever. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    private LogLines() {}

    static LogLines capture() {
        LogLines lines = new LogLines();
        lines.setContext(lines.root.getLoggerContext());
        lines.start();
        lines.root.addAppender(lines);
        return lines;
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            lines.add(event.getLoggerName() + ": " + event.getFormattedMessage());
        }
    }

    /** What the broker itself has said. */
    List<String> ours() {
        return lines.stream().filter(line -> line.startsWith("io.redshank.")).toList();
    }

    List<String> all() {
        return List.copyOf(lines);
    }

    /** One line has been logged, with this in it. */
    void expectOne(String part) {
        assertThat(lines).singleElement().asString().contains(part);
    }

    void expectNone() {
        assertThat(lines).isEmpty();
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
