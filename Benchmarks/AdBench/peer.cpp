// A plain C face for one of ADBench's C++ modules (manual, manualEigen, tapenade): it is compiled together with the module's
// own sources, so that the module can be called in this process. `-- adbench --help` says how.
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "shared/BAData.h"
#include "shared/GMMData.h"
#include "shared/HandData.h"
#include "shared/ITest.h"
#include "shared/LSTMData.h"
#include "shared/utils.h"

extern "C" ITest<GMMInput, GMMOutput>* get_gmm_test();
extern "C" ITest<BAInput, BAOutput>* get_ba_test();
extern "C" ITest<LSTMInput, LSTMOutput>* get_lstm_test();
extern "C" ITest<HandInput, HandOutput>* get_hand_test();

struct Work
{
    std::function<void(int)> objective, derivative;
    std::function<std::vector<double>()> values;
};

template <typename Input, typename Output, typename Values>
static Work* work(ITest<Input, Output>* test, Input&& input, Values values)
{
    std::shared_ptr<ITest<Input, Output>> shared(test);
    shared->prepare(std::move(input));
    return new Work{
        [shared](int times) { shared->calculate_objective(times); },
        [shared](int times) { shared->calculate_jacobian(times); },
        [shared, values] { return values(shared->output()); }};
}

extern "C" DLL_PUBLIC Work* adbench_open(const char* kind, const char* file, const char* model)
{
    std::string name(kind);
    if (name == "gmm")
    {
        GMMInput input;
        read_gmm_instance(file, &input.d, &input.k, &input.n, input.alphas, input.means, input.icf, input.x, input.wishart, false);
        return work(get_gmm_test(), std::move(input), [](const GMMOutput& output) { return output.gradient; });
    }
    if (name == "ba")
    {
        BAInput input;
        read_ba_instance(file, input.n, input.m, input.p, input.cams, input.X, input.w, input.obs, input.feats);
        return work(get_ba_test(), std::move(input), [](const BAOutput& output) { return output.J.vals; });
    }
    if (name == "lstm")
    {
        LSTMInput input;
        read_lstm_instance(file, &input.l, &input.c, &input.b, input.main_params, input.extra_params, input.state, input.sequence);
        return work(get_lstm_test(), std::move(input), [](const LSTMOutput& output) { return output.gradient; });
    }
    HandInput input;
    read_hand_instance(std::string(model) + "/", file, &input.theta, &input.data, name == "hand-complicated" ? &input.us : nullptr);
    return work(get_hand_test(), std::move(input), [](const HandOutput& output) { return output.jacobian; });
}

extern "C" DLL_PUBLIC void adbench_objective(Work* work, int times) { work->objective(times); }

extern "C" DLL_PUBLIC void adbench_derivative(Work* work, int times) { work->derivative(times); }

// How many numbers the derivative has; they are copied where there is room for all.
extern "C" DLL_PUBLIC int adbench_values(Work* work, double* into, int room)
{
    std::vector<double> values = work->values();
    if (values.size() <= static_cast<size_t>(room))
        std::memcpy(into, values.data(), values.size() * sizeof(double));
    return static_cast<int>(values.size());
}

extern "C" DLL_PUBLIC void adbench_close(Work* work) { delete work; }
