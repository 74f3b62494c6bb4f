package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    private final List<String> lines = new ArrayList<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Complaints complaints = new Complaints(lines::add, later::add);

    @Test
    void oneOfAKindASecondAndTheRestAsANumber() {
        complaints.about("a", "a1");
        complaints.about("a", "a2");
        complaints.about("b", "b1");
        complaints.about("a", "a3");
        assertThat(lines).containsExactly("a1", "b1");
        aSecondPasses();
        assertThat(lines).containsExactly("a1", "b1", "2 more like it in a second, the last: a3");
        complaints.about("a", "a4");
        aSecondPasses();
        assertThat(lines).endsWith("a4").hasSize(4);
        aSecondPasses();
        assertThat(later).as("nothing to tell, nothing to wait for").isEmpty();
        complaints.about("a", "a5");
        assertThat(lines).endsWith("a5").hasSize(5);
    }

    private void aSecondPasses() {
        for (int waiting = later.size(); waiting > 0; waiting--) {
            later.remove().run();
        }
    }
}
