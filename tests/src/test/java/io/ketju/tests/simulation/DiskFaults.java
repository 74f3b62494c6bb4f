package io.ketju.tests.simulation;

import io.ketju.tests.simulation.disk.DiskWatch;
import io.ketju.tests.simulation.disk.ForgetfulDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells the ledger what happens on the disk, lets nodes die there, and does what planted bugs do. */
final class DiskFaults implements DiskWatch {
    private static final String MANIFEST = "manifest.json";
    private static final String INCARNATION = "incarnation";

    private final World world;
    private @Nullable ForgetfulDisk disk;
    private @Nullable Ledger ledger;

    DiskFaults(World world) {
        this.world = world;
    }

    /** Of this disk, from here on. */
    void begin(ForgetfulDisk watched, Ledger told) {
        disk = watched;
        ledger = told;
    }

    private Ledger ledger() {
        return Objects.requireNonNull(ledger);
    }

    @Override
    public boolean before(Operation operation, Path path) {
        world.current().comesToFile();
        world.note(operation.name() + path);
        String name = String.valueOf(path.getFileName());
        if (operation == Operation.CREATE
                && name.contains(".safetensors")
                && world.has(Bug.OLD_CHECKPOINT_REMOVED_FIRST)) {
            Path last = newest(Objects.requireNonNull(
                    Objects.requireNonNull(path.getParent()).getParent()));
            Objects.requireNonNull(disk).remove(last.resolve(MANIFEST));
        }
        return happens(operation, name);
    }

    private Path newest(Path root) {
        return root.resolve("step-%09d".formatted(ledger().announced()));
    }

    private boolean happens(Operation operation, String name) {
        return switch (operation) {
            case SYNC_FILE ->
                !(name.contains(".safetensors") && world.has(Bug.SHARD_NOT_SYNCED))
                        && !(name.contains(MANIFEST) && world.has(Bug.MANIFEST_NOT_SYNCED))
                        && !(name.startsWith("." + INCARNATION) && world.has(Bug.INCARNATION_NOT_SYNCED));
            case SYNC_FOLDER -> !world.has(Bug.FOLDER_NOT_SYNCED);
            case WRITE -> !(name.contains(".safetensors") && world.has(Bug.WRITE_LOST) && world.delay(30) == 0);
            case CREATE, RENAME, DELETE -> true;
        };
    }

    @Override
    public boolean shows(Path path) {
        return !(world.has(Bug.NEWEST_CHECKPOINT_OVERLOOKED)
                && ledger().announced() > 2
                && path.equals(newest(Objects.requireNonNull(path.getParent()))));
    }

    @Override
    public void renamed(Path to) {
        String name = String.valueOf(to.getFileName());
        if (name.equals(MANIFEST)) {
            ledger().manifest(to);
        } else if (name.startsWith("stage-")) {
            ledger().shard(to);
        } else if (name.equals(INCARNATION)) {
            try {
                ledger().drives(Integer.parseInt(Files.readString(to).strip()));
            } catch (IOException e) {
                ledger().violated(to + " cannot be read: " + e);
            }
        }
    }
}
