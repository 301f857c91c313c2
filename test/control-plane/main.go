// Command control-plane is a whole Kubernetes control plane in one binary, for tests: etcd, kube-apiserver,
// kube-controller-manager and kube-scheduler. The first argument names the component; the rest are its own flags.
//
// The three Kubernetes components each install a process-wide signal handler, so one process can hold only one
// of them: run the binary four times.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

func main() {
	if len(os.Args) < 2 {
		fail("which component? one of etcd, kube-apiserver, kube-controller-manager, kube-scheduler")
	}
	if err := endWithParent(); err != nil {
		fail(err.Error())
	}
	var command *cobra.Command
	switch os.Args[1] {
	case "etcd":
		command = newEtcdCommand()
	case "kube-apiserver":
		command = apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		command = controllermanager.NewControllerManagerCommand()
	case "kube-scheduler":
		command = scheduler.NewSchedulerCommand()
	default:
		fail(fmt.Sprintf("no component %q; there are etcd, kube-apiserver, kube-controller-manager, kube-scheduler", os.Args[1]))
	}
	command.SetArgs(os.Args[2:])
	os.Exit(cli.Run(command))
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "control-plane: "+message)
	os.Exit(64)
}
