package io.ketju.actors.checkpoint;

import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileDigest;
import io.ketju.data.file.FileDraft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/**
 * One stage's file of a checkpoint while it comes: there when {@link #commit} returns, and gone when this is closed before. Both ends
 * ask whether the start of the run that it is of is still the latest. Not thread-safe.
 */
public final class ShardDraft implements WritableByteChannel {
    private final Incarnation fence;
    private final int incarnation;
    private final String name;
    private final FileDraft file;

    /** Makes the folder if another stage has not yet. */
    ShardDraft(Path directory, int incarnation, int stage) throws IOException {
        this.fence = Incarnation.ofCheckpoint(directory);
        this.incarnation = incarnation;
        this.name = Shard.fileName(stage, incarnation);
        fence.requireLatest(incarnation);
        DurableFile.makeFolders(directory);
        this.file = DurableFile.draft(directory.resolve(name));
    }

    /** Takes all of them. */
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        return file.write(bytes);
    }

    /** {@return length and SHA-256 of what has come so far} */
    public FileDigest digest() {
        return file.digest();
    }

    /**
     * The shard is whole: durable when this returns.
     *
     * @return the file, as a manifest names it
     * @throws IOException if it cannot be written, or the run was started again since
     */
    public Shard commit() throws IOException {
        fence.requireLatest(incarnation);
        FileDigest digest = file.commit();
        return new Shard(name, digest.length(), digest.sha256());
    }

    @Override
    public boolean isOpen() {
        return file.isOpen();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
