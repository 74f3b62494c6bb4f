package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CreditWindowTest {
    @Test
    void givesOutWhatItHasAndNoMore() {
        CreditWindow window = new CreditWindow(2);
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
        window.give(1);
        assertThat(window.available()).isOne();
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
    }

    @Test
    void startsWithWhatTheReceiverStillHoldsTaken() {
        CreditWindow window = new CreditWindow(4, 1);
        assertThat(window.size()).isEqualTo(4);
        assertThat(window.tryTake()).isTrue();
        assertThat(window.tryTake()).isFalse();
        window.give(4);
        assertThat(window.available()).isEqualTo(4);
    }

    @Test
    void refusesCreditsThatWereNeverTaken() {
        CreditWindow window = new CreditWindow(3);
        assertThatThrownBy(() -> window.give(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 credits came back while 0 of 3 were taken");
        assertThat(window.tryTake()).isTrue();
        assertThatThrownBy(() -> window.give(2)).hasMessageContaining("2 credits came back while 1 of 3");
        assertThatThrownBy(() -> window.give(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> window.give(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAWindowThatMakesNoSense() {
        assertThatThrownBy(() -> new CreditWindow(0)).hasMessageContaining("got 0 of 0");
        assertThatThrownBy(() -> new CreditWindow(2, 3)).hasMessageContaining("got 3 of 2");
        assertThatThrownBy(() -> new CreditWindow(2, -1)).hasMessageContaining("got -1 of 2");
    }

    @Test
    void takenAndAvailableAlwaysAddUp() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            CreditWindow window = new CreditWindow(1 + random.nextInt(8));
            int taken = 0;
            for (int i = 0; i < 100; i++) {
                if (random.nextBoolean()) {
                    taken += window.tryTake() ? 1 : 0;
                } else if (taken > 0) {
                    int back = 1 + random.nextInt(taken);
                    window.give(back);
                    taken -= back;
                }
                assertThat(window.available()).as("seed %d step %d", seed, i).isEqualTo(window.size() - taken);
            }
        }
    }
}
