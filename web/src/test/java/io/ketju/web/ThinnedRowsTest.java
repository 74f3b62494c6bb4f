package io.ketju.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.web.ThinnedRows.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThinnedRowsTest {
    @Test
    void howeverManyRowsComeFewAreKeptAndTheirMeanIsThatOfAll() {
        ThinnedRows rows = new ThinnedRows(8);
        for (int i = 0; i < 64; i++) {
            rows.add(i, 2.0 * i);
        }
        List<double[]> kept = rows.rows(0);
        assertThat(kept).hasSizeBetween(4, 7);
        assertThat(kept.getFirst()).containsExactly((kept.size() == 4 ? 15 : 7) / 2.0, kept.size() == 4 ? 15 : 7);
        assertThat(kept).allMatch(row -> row[1] == 2 * row[0]);
    }

    @Test
    void aReaderGoesOnWhereItWasUnlessRowsWereThinned() {
        ThinnedRows rows = new ThinnedRows(8);
        rows.add(1);
        rows.add(2);
        Position seen = rows.position();
        rows.add(3);
        assertThat(rows.from(Position.NONE)).isZero();
        assertThat(rows.from(seen)).isEqualTo(2);
        assertThat(rows.rows(2)).singleElement().isEqualTo(new double[] {3});
        for (int i = 0; i < 8; i++) {
            rows.add(i);
        }
        assertThat(rows.from(seen)).isZero();
    }
}
