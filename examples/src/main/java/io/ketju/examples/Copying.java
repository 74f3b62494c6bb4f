package io.ketju.examples;

import java.io.IOException;
import java.io.OutputStream;

/** Writes to two streams; it closes neither. */
final class Copying extends OutputStream {
    private final OutputStream first;
    private final OutputStream second;

    Copying(OutputStream first, OutputStream second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public void write(int value) throws IOException {
        first.write(value);
        second.write(value);
    }

    @Override
    public void write(byte[] values, int from, int count) throws IOException {
        first.write(values, from, count);
        second.write(values, from, count);
    }

    @Override
    public void flush() throws IOException {
        first.flush();
        second.flush();
    }
}
