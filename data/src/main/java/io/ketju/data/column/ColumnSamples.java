package io.ketju.data.column;

import io.ketju.data.BadDataException;
import io.ketju.data.Batch;
import io.ketju.data.BatchPort;
import io.ketju.data.IdentityHash;
import io.ketju.data.SampleSource;
import io.ketju.tensor.Plural;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Samples that a program holds in arrays, column by column: as many inputs and targets as a model takes. */
public final class ColumnSamples implements SampleSource {
    private final String name;
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final int size;
    private final String identity;

    /**
     * Takes columns of the same samples, in the same order.
     *
     * @param name what reports and errors call the data
     * @param columns inputs and targets alike, at least one
     * @throws BadDataException if there is no column or no sample, two have one name, or not all have as many samples
     */
    public ColumnSamples(String name, Column... columns) {
        this.name = name;
        this.size = columns.length == 0 ? 0 : columns[0].size();
        if (size == 0) {
            throw BadDataException.of(name, "at least one column of at least one sample", "none");
        }
        IdentityHash hash = new IdentityHash("ketju-columns-1");
        for (Column column : columns) {
            String where = name + ", column '" + column.name() + "'";
            if (column.size() != size) {
                throw BadDataException.of(
                        where, Plural.of(size, "sample") + " as in '" + columns[0].name() + "'", column.size() + "");
            } else if (this.columns.put(column.name(), column) != null) {
                throw BadDataException.of(where, "each name once", "two columns of this name");
            }
            column.addTo(hash);
        }
        this.identity = hash.hex();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<BatchPort> ports(int mostSamples) {
        return columns.values().stream()
                .map(column -> BatchPort.changing(column.name(), column.largest(mostSamples)))
                .toList();
    }

    @Override
    public TensorType type(Batch samples, String port) {
        return column(port).type(samples);
    }

    @Override
    public void copy(Batch samples, String port, Tensor target) {
        column(port).copy(samples, target);
    }

    private Column column(String port) {
        Column column = columns.get(port);
        if (column == null) {
            throw new IllegalArgumentException(name + " has no '" + port + "'; it has " + columns.keySet());
        }
        return column;
    }

    @Override
    public String identity() {
        return identity;
    }
}
