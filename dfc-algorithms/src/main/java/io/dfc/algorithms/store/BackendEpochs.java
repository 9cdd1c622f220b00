package io.dfc.algorithms.store;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.util.List;

/**
 * Epochs in a row that ran on the same device.
 *
 * @param backend name of the backend
 * @param device its device
 * @param firstEpoch first epoch, counted from 1
 * @param lastEpoch last epoch
 */
public record BackendEpochs(
        String backend,
        String device,
        @JsonProperty("first_epoch") int firstEpoch,
        @JsonProperty("last_epoch") int lastEpoch) {
    /**
     * Appends an epoch to a list: to its last entry where the device is the same.
     *
     * @param list the list, changed
     * @param backend name of the backend
     * @param device its device
     * @param epoch the epoch
     */
    static void append(List<BackendEpochs> list, String backend, String device, int epoch) {
        int start = epoch;
        if (!list.isEmpty()
                && list.getLast().backend.equals(backend)
                && list.getLast().device.equals(device)) {
            start = list.removeLast().firstEpoch;
        }
        list.add(new BackendEpochs(backend, device, start, epoch));
    }

    /**
     * The backends of a run in the order of their epochs.
     *
     * @param list epochs by backend
     * @return such as {@code cpu-simd} or {@code cpu-simd, reference}
     */
    static String backends(List<BackendEpochs> list) {
        return String.join(", ", list.stream().map(BackendEpochs::backend).distinct().toList());
    }

    /**
     * The devices of a run in the order of their epochs.
     *
     * @param list epochs by backend
     * @return their descriptions, separated by semicolons
     */
    static String devices(List<BackendEpochs> list) {
        return String.join("; ", list.stream().map(BackendEpochs::device).distinct().toList());
    }
}
