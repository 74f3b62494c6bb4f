package io.ketju.pipeline.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CollectedValuesTest {
    @Test
    void partsStandInTheOrderInWhichTheyCame() {
        CollectedValues two = CollectedValues.of(List.of(1.0, 2.0));
        CollectedValues all = two.plus(CollectedValues.NONE).plus(CollectedValues.of(List.of(3.0)));
        assertThat(all.toList()).containsExactly(1.0, 2.0, 3.0);
        assertThat(two.toList()).containsExactly(1.0, 2.0);
        assertThat(all).isEqualTo(CollectedValues.of(List.of(1.0, 2.0, 3.0))).isNotEqualTo(two);
        assertThat(all).hasSameHashCodeAs(CollectedValues.of(List.of(1.0, 2.0, 3.0)));
        assertThat(CollectedValues.NONE.plus(two)).isEqualTo(two);
        assertThat(all).hasToString("3 values");
    }

    /** As many parts as an epoch may have windows: no part is copied more than once, none costs a call within a call. */
    @Test
    void manyPartsAreKeptAsTheyAre() {
        CollectedValues all = CollectedValues.NONE;
        List<Double> expected = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) {
            all = all.plus(new double[] {i});
            expected.add((double) i);
        }
        assertThat(all.toList()).isEqualTo(expected);
    }

    @Test
    void windowsAddTheirSumsAndPutTheirNumbersBehindEachOther() {
        WindowMetrics both = window(1, 2.0, 5.0).plus(window(2, 3.0, 4.0));
        WindowMetrics.OfHead head = both.first();
        assertThat(head.metrics()).containsExactly(java.util.Map.entry("accuracy", List.of(3.0, 8.0)));
        assertThat(head.collected().get("auc")).isEqualTo(CollectedValues.of(List.of(2.0, 5.0, 3.0, 4.0)));
    }

    private static WindowMetrics window(double right, double... ranked) {
        SortedMap<String, List<Double>> sums = new TreeMap<>();
        sums.put("accuracy", List.of(right, 4.0));
        SortedMap<String, CollectedValues> collected =
                new TreeMap<>(Collections.singletonMap("auc", CollectedValues.NONE.plus(ranked)));
        return new WindowMetrics(
                new TreeMap<>(Collections.singletonMap(0, new WindowMetrics.OfHead(1, 4, sums, collected))));
    }
}
