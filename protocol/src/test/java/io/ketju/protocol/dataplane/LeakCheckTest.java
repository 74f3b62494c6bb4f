package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void aLostBufferIsFound() {
        Logger log = Logger.getLogger("io.netty.util.ResourceLeakDetector");
        log.setUseParentHandlers(false);
        try {
            lose();
            assertThat(LeakCheck.collect()).contains("ByteBuf");
            assertThat(LeakCheck.collect()).isEmpty();
        } finally {
            log.setUseParentHandlers(true);
        }
    }

    private static void lose() {
        PooledByteBufAllocator.DEFAULT.directBuffer(64).writeByte(1);
    }
}
