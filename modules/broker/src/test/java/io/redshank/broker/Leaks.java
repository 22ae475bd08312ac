package io.redshank.broker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What Netty says of buffers that nobody released, since the tests began. */
final class Leaks extends AppenderBase<ILoggingEvent> {
    private static final Leaks LEAKS = new Leaks();

    private final List<String> found = new CopyOnWriteArrayList<>();

    private Leaks() {}

    /** From now on, leaks are noticed. */
    static void watch() {
        Logger detector = (Logger) LoggerFactory.getLogger("io.netty.util.ResourceLeakDetector");
        if (!LEAKS.isStarted()) {
            LEAKS.setContext(detector.getLoggerContext());
            LEAKS.start();
            detector.addAppender(LEAKS);
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        found.add(event.getFormattedMessage());
    }

    /** Fails if a buffer has been collected without a release; Netty looks when the next one is made. */
    @SuppressWarnings("SystemGc") // a buffer that is still referenced is not known to leak
    static void expectNone() {
        System.gc();
        for (int i = 0; i < 4; i++) {
            ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.directBuffer(1);
            buffer.release();
        }
        assertThat(LEAKS.found).isEmpty();
    }
}
