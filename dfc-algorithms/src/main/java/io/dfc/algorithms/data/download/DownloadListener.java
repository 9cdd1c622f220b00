package io.dfc.algorithms.data.download;

/** Receives the progress of downloads, on the thread that receives the bytes. */
@FunctionalInterface
public interface DownloadListener {
    /**
     * More of a file has come.
     *
     * @param file file that is being downloaded
     * @param received bytes so far; equal to the file's length once, at the end
     */
    void received(RemoteFile file, long received);

    /** {@return a listener that does nothing} */
    static DownloadListener none() {
        return (file, received) -> {};
    }
}
