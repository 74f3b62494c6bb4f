package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    @Test
    void theEndOfTheInputIsTheEndOfTheParent() throws IOException, InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        try (PipedOutputStream parent = new PipedOutputStream()) {
            ParentWatch.start(new PipedInputStream(parent), ended::countDown);
            parent.write('x');
            assertThat(ended.getCount()).isOne();
        }
        assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
