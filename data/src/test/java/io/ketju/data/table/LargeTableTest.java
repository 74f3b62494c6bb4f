package io.ketju.data.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.data.TrainTest;
import io.ketju.data.table.TableRules.Missing;
import io.ketju.data.table.TableRules.Scaling;
import io.ketju.data.table.TableRules.Split;
import java.io.StringReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that outgrow the heap, as text and as numbers, lie in files: the same samples. */
class LargeTableTest {
    private static final long ALL_ON_THE_HEAP = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {0, 500, 9000})
    void samplesAreThoseOfTheHeap(long heapBytes) {
        for (Missing missing : List.of(Missing.DROP, Missing.FILL)) {
            TableRules rules =
                    new TableRules(missing, List.of(), Scaling.STANDARD, List.of(), List.of(), Split.FIFTH, ',');
            for (String target : List.of("kind", "price")) {
                TrainTest heap = read(ALL_ON_THE_HEAP, target, rules);
                TrainTest files = read(heapBytes, target, rules);
                assertThat(files.train().identity()).isEqualTo(heap.train().identity());
                assertThat(files.test().identity()).isEqualTo(heap.test().identity());
                assertThat(files.train().notes()).isEqualTo(heap.train().notes());
                assertThat(files.train().classNames()).isEqualTo(heap.train().classNames());
                assertThat(files.train().size()).isEqualTo(missing == Missing.DROP ? 136 : 160);
            }
        }
    }

    private static TrainTest read(long heapBytes, String target, TableRules rules) {
        Table table = Table.read(new StringReader(text()), "rows.csv", rules.format(), heapBytes);
        return Tables.read(table, "rows", TableChoice.targets(target), rules);
    }

    /** 200 rows, of which 29 have no size. */
    private static String text() {
        StringBuilder text = new StringBuilder("size,town,price,kind\n");
        for (int i = 0; i < 200; i++) {
            text.append(i % 7 == 3 ? "" : Double.toString(i * 0.25))
                    .append(i % 3 == 0 ? ",Köln,\"" : ",Ulm,\"")
                    .append(i * i)
                    .append("\",")
                    .append(i % 2 == 0 ? "even\n" : "\"odd, by one\"\n");
        }
        return text.toString();
    }
}
