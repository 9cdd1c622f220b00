package io.dfc.tornado.memory;

import io.dfc.api.plan.GradientHandle;
import io.dfc.api.plan.OptimizerHandle;
import io.dfc.api.plan.ParameterGroup;
import io.dfc.api.plan.PhaseHandle;
import io.dfc.api.plan.Plan;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a plan that are on the device, in their order: weights and biases, feedback
 * weights that loops or perturbations name, then the groups of programs.
 */
public final class DeviceParameters {
    /** Weights and biases. */
    public final TensorTable forward;

    /** All groups: each tensor begins at its own address. */
    public final TensorTable all;

    /**
     * Groups of feedback weights that loops or perturbations name; if there are none, zeros replace
     * them.
     */
    public final List<ParameterGroup> feedback;

    /** Elements of a group of feedback weights. */
    final int feedbackLength;

    /** Where they begin, and elements of all of them. */
    final int feedbackStart;

    final int allFeedbackLength;

    /** Where the tables end. */
    final int end;

    /** Elements of all groups, with the zeros that replace missing feedback weights. */
    public final int length;

    private final Map<ParameterGroup, Integer> starts;
    private final Map<List<ParameterGroup>, TensorTable> tables = new HashMap<>();

    /**
     * The parameters of a plan.
     *
     * @param position where its tables are to begin in the kernels' table
     */
    DeviceParameters(PlanRequirements requirements, int position) {
        Plan plan = requirements.plan();
        List<ParameterGroup> forwardGroups = requirements.forwardGroups();
        feedback = requirements.feedback();
        List<ParameterGroup> groups = requirements.onDevice();
        starts = TensorTable.starts(groups);
        forward = new TensorTable(forwardGroups, starts, position);
        tables.put(forwardGroups, forward);
        long floats = (long) plan.network().neurons() * plan.network().outputs();
        feedbackLength = TensorTable.requireAddressable(floats);
        allFeedbackLength = TensorTable.requireAddressable(Math.max(1, feedback.size()) * floats);
        int behind = new TensorTable(groups, starts, 0).length();
        feedbackStart = feedback.isEmpty() ? behind : forward.length();
        length =
                TensorTable.requireAddressable(
                        behind + (feedback.isEmpty() ? (long) allFeedbackLength : 0));
        int at = position + TensorTable.entries(forward.tensors());
        for (List<ParameterGroup> list : lists(plan)) {
            if (!tables.containsKey(list)) {
                TensorTable table = new TensorTable(list, starts, at);
                tables.put(list, table);
                at += TensorTable.entries(table.tensors());
            }
        }
        all = new TensorTable(groups, starts, at);
        end = at + TensorTable.entries(all.tensors());
    }

    private Set<List<ParameterGroup>> lists(Plan plan) {
        Set<List<ParameterGroup>> lists = new LinkedHashSet<>();
        feedback.forEach(group -> lists.add(List.of(group)));
        for (PhaseHandle phase : plan.phases()) {
            phase.gradients().stream().map(GradientHandle::groups).forEach(lists::add);
        }
        plan.optimizers().stream().map(OptimizerHandle::groups).forEach(lists::add);
        return lists;
    }

    /** Writes the tables of tensors into the kernels' table. */
    void describe(int[] table) {
        tables.values().forEach(t -> t.describe(table));
        all.describe(table);
    }

    /** The tensors that a gradient or an optimiser has. */
    public TensorTable table(List<ParameterGroup> groups) {
        return tables.get(groups);
    }

    /** All groups. */
    public List<ParameterGroup> groups() {
        return all.groups();
    }

    /** Where a group begins among all parameters. */
    public int start(ParameterGroup group) {
        return starts.get(group);
    }

    /** Where a tensor of a group begins among all parameters. */
    public int start(ParameterGroup group, int tensor) {
        long at = starts.get(group);
        for (int i = 0; i < tensor; i++) {
            at += TensorTable.elements(group.shape(i));
        }
        return (int) at;
    }
}
