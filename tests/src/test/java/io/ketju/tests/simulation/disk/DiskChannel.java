package io.ketju.tests.simulation.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** An open file, or an open folder, which can only be synced. */
final class DiskChannel extends FileChannel {
    private final DiskPath path;
    private final DiskEntry entry;
    private long position;

    DiskChannel(DiskPath path, DiskEntry entry) {
        this.path = path;
        this.entry = entry;
    }

    private DiskFile file() throws IOException {
        if (entry instanceof DiskFile file) {
            return file;
        }
        throw new IOException(path + ": Is a directory");
    }

    private boolean happens(DiskWatch.Operation operation) throws IOException {
        return path.getFileSystem().disk().watch().before(operation, path);
    }

    @Override
    public void force(boolean metadata) throws IOException {
        if (entry instanceof DiskFolder folder) {
            if (happens(DiskWatch.Operation.SYNC_FOLDER)) {
                folder.sync();
            }
        } else if (happens(DiskWatch.Operation.SYNC_FILE)) {
            file().sync();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        byte[] bytes = new byte[target.remaining()];
        int read = file().read(from, bytes, 0, bytes.length);
        if (read > 0) {
            target.put(bytes, 0, read);
        }
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public int write(ByteBuffer source, long to) throws IOException {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        if (happens(DiskWatch.Operation.WRITE)) {
            file().write(to, bytes);
        }
        return bytes.length;
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += Math.max(0, read(targets[i]));
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(sources[i]);
        }
        return total;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long next) {
        position = next;
        return this;
    }

    @Override
    public long size() throws IOException {
        return file().size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        file().truncate(size);
        return this;
    }

    /** The lock of a process that died is gone; one of a process on another host keeps nobody out, as where a disk is shared. */
    @Override
    public FileLock tryLock(long from, long size, boolean shared) {
        return new FileLock(this, from, size, shared) {
            private boolean held = true;

            @Override
            public boolean isValid() {
                return held;
            }

            @Override
            public void release() {
                held = false;
            }
        };
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) {
        return tryLock(from, size, shared);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException("a file in memory is not mapped");
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long to, long count) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() {}
}
