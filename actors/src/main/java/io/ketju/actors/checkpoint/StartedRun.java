package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.file.NearestFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** What makes a folder that of a run which was started: its job lies there. */
final class StartedRun {
    private StartedRun() {}

    /** Throws {@link InvalidJobException} if it is none, with the run beside it that was probably meant. */
    static void require(Path folder) {
        if (is(folder)) {
            return;
        }
        throw new InvalidJobException(folder + ": not a run: expected a folder with job.conf, found "
                + (Files.exists(folder) ? "none in it" : "no such folder" + NearestFile.hint(folder, StartedRun::is)));
    }

    private static boolean is(Path folder) {
        return Files.isRegularFile(RunDirectory.jobFileIn(folder));
    }
}
