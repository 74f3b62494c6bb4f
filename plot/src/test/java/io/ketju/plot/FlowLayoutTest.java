package io.ketju.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the nodes of flows stand. */
class FlowLayoutTest {
    private static FlowPicture.Wire wire(int from, int to) {
        return new FlowPicture.Wire(from, to, "", "");
    }

    /** f = (x y + max(x, z)) w: y, x and z in rows of their own, and w right before the product that reads it. */
    @Test
    void nodesStandBeforeTheFirstThatReadsThemAndBetweenWhatTheyRead() {
        FlowLayout layout = new FlowLayout(
                8,
                List.of(
                        wire(0, 3),
                        wire(1, 3),
                        wire(1, 4),
                        wire(2, 4),
                        wire(3, 5),
                        wire(4, 5),
                        wire(5, 7),
                        wire(6, 7)));
        int[] columns = {0, 0, 0, 1, 1, 2, 2, 3};
        double[] rows = {0, 1, 2, 0.5, 1.5, 1, 3, 2};
        for (int node = 0; node < columns.length; node++) {
            assertThat(layout.column(node)).as("column of " + node).isEqualTo(columns[node]);
            assertThat(layout.row(node)).as("row of " + node).isEqualTo(rows[node]);
        }
        assertThat(layout.columns()).isEqualTo(4);
        assertThat(layout.rows()).isEqualTo(4);
    }
}
