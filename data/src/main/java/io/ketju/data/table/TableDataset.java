package io.ketju.data.table;

import io.ketju.data.Dataset;
import io.ketju.data.IdentityHash;
import io.ketju.data.RowChecks;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Rows of a table as samples: an input of numbers, and a target of numbers or one class.
 */
public final class TableDataset implements Dataset {
    private final String name;
    private final TableChoice choice;
    private final TableEncoding encoding;
    /** Empty where targets are numbers. */
    private final List<String> classes;

    private final FloatRows inputs;
    private final FloatRows targets;
    private final String identity;
    private final List<String> notes;

    /** What the rows have become. */
    record Values(FloatRows inputs, FloatRows targets) {}

    TableDataset(
            String name,
            TableChoice choice,
            TableEncoding encoding,
            List<String> classes,
            Values values,
            List<String> notes) {
        this.name = name;
        this.choice = choice;
        this.encoding = encoding;
        this.classes = List.copyOf(classes);
        this.inputs = values.inputs();
        this.targets = values.targets();
        this.notes = List.copyOf(notes);
        identity = hash();
    }

    private String hash() {
        IdentityHash hash =
                new IdentityHash("ketju-table-1").add(inputShape().toString()).add("" + classes.size());
        for (int i = 0; i < inputs.size(); i++) {
            for (float[] values : List.of(inputs.row(i), targets.row(i))) {
                ByteBuffer bytes =
                        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(values);
                hash.add(bytes.array(), 0, bytes.capacity());
            }
        }
        return hash.hex();
    }

    /** {@return which columns were read} */
    public TableChoice choice() {
        return choice;
    }

    @Override
    public Optional<TableEncoding> tableEncoding() {
        return Optional.of(encoding);
    }

    @Override
    public List<String> notes() {
        return notes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int size() {
        return inputs.size();
    }

    @Override
    public Shape inputShape() {
        return Shape.of(encoding.width());
    }

    @Override
    public Shape targetShape() {
        return classes.isEmpty() ? Shape.of(choice.targets().size()) : Shape.of();
    }

    @Override
    public DType targetType() {
        return classes.isEmpty() ? DType.FLOAT32 : DType.INT32;
    }

    @Override
    public int classes() {
        return classes.size();
    }

    @Override
    public List<String> classNames() {
        return classes;
    }

    @Override
    public List<String> outputNames() {
        return classes.isEmpty() ? choice.targets() : classes;
    }

    @Override
    public void copyInput(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(inputType(), inputShape(), batch, row);
        copy(inputs, sample, batch, row);
    }

    @Override
    public void copyTarget(int sample, Tensor batch, int row) {
        RowChecks.checkSample(this, sample);
        RowChecks.check(targetType(), targetShape(), batch, row);
        if (classes.isEmpty()) {
            copy(targets, sample, batch, row);
        } else {
            batch.setInt(row, (int) targets.get(sample, 0));
        }
    }

    private static void copy(FloatRows values, int sample, Tensor batch, int row) {
        for (int i = 0; i < values.width(); i++) {
            batch.setFloat(row * values.width() + i, values.get(sample, i));
        }
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public String toString() {
        return name + " (" + size() + " rows)";
    }
}
